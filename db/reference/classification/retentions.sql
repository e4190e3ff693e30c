-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12, GDP-03.
-- Acted on once confirmed_by says who confirmed it: counsel, or the product where no law asks for the rows; on rows with
-- health data only where that was decided, too (with_health_data): what is told are copies, and the file stays. A reason to
-- hold one back (held_because) is set where the need arises, and stays.

select app_private.own_rows('app_private.retentions', given_once => '{held_because}', rows => '
  key              | keep_for | confirmed_by | with_health_data | citation                                                    | description
  -----------------+----------+--------------+------------------+-------------------------------------------------------------+-------------------------------------------------------------
  account          |          |              | false            | GDPR art. 5(1)(e)                                           | As long as the account exists.
  billing          | 10 years |              | false            | Law 82/1991 art. 25: to be confirmed by counsel             | What a clinic used and was billed, and how it paid.
  clinic           | 3 years  |              | false            | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  correspondence   | 5 years  | the product  | true             |                                                             | What was told to people, and about which event. Claims end after three years, and a calendar may be booked two years ahead.
  idempotency_keys | 1 day    | the product  | false            |                                                             | Answers to requests that may come once more.
  lapsed_holds     | 90 days  | the product  | false            |                                                             | Times that somebody looked at and nobody booked.
  ledger           | 10 years |              | false            | GDPR art. 5(2)                                              | What proves what was done: the audit.
  medical_record   | 10 years |              | false            | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations       | 90 days  | the product  | false            |                                                             | Work in progress and its traces.
  reference        |          |              | false            |                                                             | Kept by migrations; names no person.
  waitlist         | 90 days  | the product  | true             |                                                             | Who waited for a time, after it was over, and what was offered.
  webhook_log      | 90 days  | the product  | true             |                                                             | What clinics'' own software was told of events, and what it answered.
  webhook_bodies   | 30 days  | the product  | false            |                                                             | What vendors wrote, after it was applied.
');
