-- What is counted: the platform's list, for anybody who is signed in. FND-20, FND-24.

select app_private.classify('app_public.meters', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "unit", "aggregation", "is_standing", "can_be_hard", "description", "description_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.meters', engine => 'select');

grant select on app_public.meters to app_member;

create policy meters_select_everyone on app_public.meters for select to app_member
  using (true);
