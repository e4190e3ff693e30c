-- Ages the law sets; migrations write them, functions read them. FND-07.

alter table app_private.legal_ages enable row level security;
alter table app_private.legal_ages force row level security;

grant select on app_private.legal_ages to app_engine;

drop policy if exists legal_ages_select_engine on app_private.legal_ages;
create policy legal_ages_select_engine on app_private.legal_ages
  for select to app_engine
  using (true);

drop policy if exists legal_ages_all_migrator on app_private.legal_ages;
create policy legal_ages_all_migrator on app_private.legal_ages
  for all to app_owner
  using (true)
  with check (true);

select app_private.classify('app_private.legal_ages', 'reference',
  '{"public": ["rule", "years", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
