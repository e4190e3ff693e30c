-- Numbering plans are no secret; whoever writes a telephone number has it read by them. Only migrations write. FND-07.

select app_private.classify('app_hidden.phone_regions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["region", "calling_code", "place", "idd_prefix", "national_prefix", "national_prefix_becomes",
               "national_number", "leading_digits", "assigned_numbers", "possible_lengths"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_hidden.phone_regions');

grant select on app_hidden.phone_regions to app_member, app_engine;

create policy phone_regions_select_everyone on app_hidden.phone_regions for select to app_member, app_engine
  using (true);
