-- Which vendor can serve which capability. FND-22. What is offered, what serves whoever chose nothing, and where the
-- platform has an account, a superadmin sets afterwards: a row has it from here only when it is new.

select app_private.own_rows('app_public.platform_service_providers', given_once => '{is_default, is_offered, has_platform_account}', rows => '
  capability     | provider | is_default | is_offered | has_platform_account
  ---------------+----------+------------+------------+---------------------
  email          | ses      | false      | true       | false
  email          | smtp     | true       | true       | true
  exercise_video | bunny    | true       | false      | true
  invoicing      | fgo      | false      | true       | false
  invoicing      | manual   | true       | true       | true
  invoicing      | stripe   | false      | true       | false
  payment        | manual   | true       | true       | true
  payment        | stripe   | false      | true       | false
  push           | web_push | true       | false      | true
  sms            | twilio   | true       | true       | true
  storage        | s3       | true       | false      | true
  video          | daily    | true       | true       | true
  whatsapp       | twilio   | true       | true       | true
');
