-- What opens an offer from a message; the engine's alone. SCH-10.

select app_private.classify('app_private.waitlist_offer_tokens', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "waitlist_offer_id", "created_at"], "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  unaudited => 'Each attempt to send a message makes one; what became of the offer is audited.');
select app_private.protect('app_private.waitlist_offer_tokens', engine => 'select, insert, update, delete');
select app_private.retain('app_private.waitlist_offer_tokens', 'operations', 'delete', kept_from => 'created_at');
