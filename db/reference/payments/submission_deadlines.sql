-- How many days after its day an invoice has to be at the tax office. An invoice has the deadline of its own day. BIL-04.

select app_private.own_rows('app_private.submission_deadlines', rows => '
  country | valid_from | days | counts        | citation
  --------+------------+------+---------------+------------------------------------------------------------------------------------------------------------
  RO      | 2024-01-01 | 5    | calendar_days | OUG 120/2021 art. 10 alin. (7), as of Law 296/2023: five days from the day of the invoice
  RO      | 2026-01-01 | 5    | working_days  | OUG 120/2021 art. 10 alin. (7), as changed by OUG 89/2025: five working days, counted by Regulation (EEC, Euratom) 1182/71
');
