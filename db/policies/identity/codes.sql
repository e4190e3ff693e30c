-- Made, sent and tried by functions; nobody reads them. FND-32.

select app_private.classify('app_private.codes', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "salt", "attempts_left", "expires_at", "created_at"],
    "auth_secret": ["digest"]}',
  protected => '{"digest": ["digest"]}',
  unaudited => 'Work of minutes; what a code opened is audited where it was opened.');
select app_private.protect('app_private.codes', engine => 'select, insert, update, delete');
select app_private.retain('app_private.codes', 'operations', 'delete', kept_from => 'created_at');
