-- What payment providers of clinics call a status, and what it is here. BIL-09.
-- A paused subscription at Stripe is one whose trial ended without a way to pay. Of invoices the handler leaves out those of
-- nothing and a first charge that failed: the subscription is incomplete then.

select app_private.own_rows('app_private.patient_payment_statuses', rows => '
  provider | provider_word          | subscription_status | rank
  ---------+------------------------+---------------------+-----
  own      | pending                | pending             | 0
  own      | trialing               | trialing            | 1
  own      | active                 | active              | 2
  own      | past_due               | past_due            | 3
  own      | expired                | expired             | 4
  own      | canceled               | canceled            | 5
  stripe   | incomplete             | pending             | 0
  stripe   | trialing               | trialing            | 1
  stripe   | invoice.paid           | active              | 2
  stripe   | active                 | active              | 3
  stripe   | invoice.payment_failed | past_due            | 4
  stripe   | past_due               | past_due            | 5
  stripe   | unpaid                 | past_due            | 6
  stripe   | paused                 | past_due            | 7
  stripe   | incomplete_expired     | canceled            | 8
  stripe   | canceled               | canceled            | 9
');
