-- Numbering plans are no secret; whoever writes a telephone number has it read by them. Only migrations write. FND-07.

alter table app_hidden.phone_regions enable row level security;
alter table app_hidden.phone_regions force row level security;

grant select on app_hidden.phone_regions to app_member, app_engine;

drop policy if exists phone_regions_select_everyone on app_hidden.phone_regions;
create policy phone_regions_select_everyone on app_hidden.phone_regions
  for select to app_member, app_engine
  using (true);

drop policy if exists phone_regions_all_migrator on app_hidden.phone_regions;
create policy phone_regions_all_migrator on app_hidden.phone_regions
  to app_owner using (true) with check (true);

select app_private.classify('app_hidden.phone_regions', 'reference',
  '{"public": ["region", "calling_code", "place", "idd_prefix", "national_prefix", "national_prefix_becomes",
               "national_number", "leading_digits", "assigned_numbers", "possible_lengths"]}',
  unaudited => 'Reference data that only migrations change.');
