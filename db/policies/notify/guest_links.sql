-- Made as a message leaves, and read by whoever brings a token; nobody reads the table. APT-05.

select app_private.classify('app_private.guest_links', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "opens", "subject_id", "expires_at", "created_at"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  unaudited => 'The message that carries it is on record, and what it is used for is audited where that happens.');
select app_private.protect('app_private.guest_links', engine => 'select, insert, update, delete');
select app_private.retain('app_private.guest_links', 'operations', 'delete', kept_from => 'expires_at');
