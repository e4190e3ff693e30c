-- What belongs to the database itself and is copied by no template: who owns it, who connects, what
-- everybody gets. Run by the administrator in that database; safe to run again.
do $$
begin
  execute format('alter database %I owner to app_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to app_authenticator, app_worker, app_telemetry, app_analyst',
    current_database());
  -- What analysts read is made anew beside what they read, which takes a temporary table of its owner.
  execute format('grant temporary on database %I to app_engine', current_database());
end
$$;
