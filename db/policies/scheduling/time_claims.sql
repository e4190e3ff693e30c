-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

alter table app_private.time_claims enable row level security;
alter table app_private.time_claims force row level security;

grant select, insert, update, delete on app_private.time_claims to app_engine;
drop policy if exists time_claims_all_engine on app_private.time_claims;
create policy time_claims_all_engine on app_private.time_claims
  for all to app_engine
  using (true)
  with check (true);

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', 'medical_record',
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash", "first_token_hash"]}',
  protected => '{"digest": ["token_hash", "first_token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash", "first_token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
-- A hold that was let go became nothing; it is the one kind of claim that nothing refers to.
select app_private.retain('app_private.time_claims', 'lapsed_holds', 'delete', kept_from => 'released_at', only_if => 'kind = ''hold''');
select app_private.retain('app_private.time_claims', 'operations', 'blank', kept_from => 'created_at', only_if => 'kind <> ''hold''');
