-- Who waits at a clinic and what they are offered is changed by one transaction at a time: so nobody is offered two times at
-- once, and one time goes to one person. Before the days, as whatever comes before a booking. SCH-10.

create or replace function app_private.lock_waitlist(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('waitlist:' || lock_waitlist.organization_id, 0));
end;

comment on function app_private.lock_waitlist is 'Locks the waitlists of a clinic until the transaction ends.';
grant execute on function app_private.lock_waitlist to app_engine;
