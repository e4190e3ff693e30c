-- What a clinic's usage is counted in is kept with its position. FND-24, docs/decisions/0194.

drop function if exists app_private.add_to_summary(app_public.usage_records, text);

alter table app_private.usage_positions add column if not exists period tstzrange;
comment on column app_private.usage_positions.period is
  'The billing period in which usage was recorded last, where no other of the clinic overlaps it: usage within it is summed up there without '
  'looking for it. Null once billing periods change.';
