-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12.
-- confirmed_by: who confirmed it as counsel.

select app_private.own_rows('app_private.retentions', rows => '
  key            | keep_for | confirmed_by | citation                                                    | description
  ---------------+----------+--------------+-------------------------------------------------------------+-------------------------------------------------------------
  account        |          |              | GDPR art. 5(1)(e)                                           | As long as the account exists.
  clinic         | 3 years  |              | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  ledger         | 10 years |              | GDPR art. 5(2)                                              | What proves what was done: events, effects, audit.
  medical_record | 10 years |              | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations     | 90 days  |              |                                                             | Work in progress and its traces.
  reference      |          |              |                                                             | Kept by migrations; names no person.
');
