-- What payment providers call the status of a subscription, and what it is here. What stands here not is kept and told. BIL-01.

select app_private.own_rows('app_private.payment_provider_statuses', rows => '
  provider | vendor_status      | status
  ---------+--------------------+----------
  manual   | active             | active
  manual   | canceled           | canceled
  manual   | past_due           | past_due
  manual   | pending            | pending
  manual   | suspended          | suspended
  manual   | trialing           | trialing
  stripe   | active             | active
  stripe   | canceled           | canceled
  stripe   | incomplete         | pending
  stripe   | incomplete_expired | canceled
  stripe   | past_due           | past_due
  stripe   | paused             | suspended
  stripe   | trialing           | trialing
  stripe   | unpaid             | suspended
');
