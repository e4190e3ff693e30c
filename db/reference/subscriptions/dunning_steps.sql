-- What follows when an invoice is not paid, by days after the day by which it was to be paid. BIL-05, docs/decisions/0177.

select app_private.own_rows('app_public.dunning_steps', rows => '
  day | action  | at
  ----+---------+------
  1   | retry   | 10:00
  3   | retry   | 10:00
  5   | retry   | 10:00
  7   | retry   | 10:00
  14  | suspend | 10:00
  30  | cancel  | 10:00
');
