-- What plans count. Sessions are a column of a plan, the others rows of service_plan_counters. CAT-03.

select app_private.own_rows('app_public.entitlement_kinds', rows => '
  key                        | description
  ---------------------------+-------------------------------------------------------------
  sessions                   | Sessions with a specialist
  treatment_plan_assignments | Treatment plans that a specialist draws up
');
