-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at", "session_id", "seat", "capacity"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash", "first_token_hash"]}',
  protected => '{"digest": ["token_hash", "first_token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash", "first_token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
select app_private.protect('app_private.time_claims', engine => 'select, insert, update, delete');
-- A hold that was let go became nothing, and so did a session without seats; what was booked in it stays without it.
select app_private.retain('app_private.time_claims', 'lapsed_holds', 'delete', kept_from => 'released_at', only_if => 'kind in (''hold'', ''session'')');
select app_private.retain('app_private.time_claims', 'operations', 'blank', kept_from => 'created_at', only_if => 'kind <> ''hold''');
