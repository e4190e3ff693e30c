-- The fields of what a patient has several of: plans. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "plans"}', rows => '
code: plan.service_plan
position: 32
type: choice
label_en: Plan
label_ro: Plan
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.service_plan_id::text
choices_of: service_plans
==========
code: plan.is_open
position: 33
type: boolean
label_en: Is open
label_ro: Este deschis
source: plans
permission: patient_plans.view
cost: 3
value_sql: app_public.patient_service_plans_is_open(r)
turns_sql: least(case when r.starts_at > {now} then r.starts_at end, case when r.valid_until > {now} then r.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = r.source_tier_subscription_id and turn.at > {now}))
==========
code: plan.is_of_subscription
position: 34
type: boolean
label_en: Comes with a subscription
label_ro: Vine cu un abonament
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.source_tier_subscription_id is not null
==========
code: plan.starts_at
position: 35
type: instant
label_en: Begins on
label_ro: Începe în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.starts_at
==========
code: plan.valid_until
position: 36
type: instant
label_en: Valid until
label_ro: Valabil până în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.valid_until
==========
code: plan.ended_at
position: 37
type: instant
label_en: Ended on
label_ro: Încheiat în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.ended_at
');
