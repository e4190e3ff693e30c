-- Written when an address is written to again, and never changed: audited, with who did it and why. FND-35, FND-08.

alter table app_private.lifted_suppressions enable row level security;
alter table app_private.lifted_suppressions force row level security;

grant select, insert on app_private.lifted_suppressions to app_engine;
drop policy if exists lifted_suppressions_all_engine on app_private.lifted_suppressions;
create policy lifted_suppressions_all_engine on app_private.lifted_suppressions
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.lifted_suppressions', 'clinic',
  '{"pii_basic": ["address", "because"],
    "operational": ["id", "organization_id", "channel", "reason", "since", "lifted_by", "lifted_at"]}');
