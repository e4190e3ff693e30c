-- What may be uploaded where; changed by migrations only. FND-13, FND-12.

select app_private.classify('app_private.file_surfaces', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "prefix", "description", "owner_kind", "audience", "max_bytes", "max_files", "manage_permission",
               "uploaded_by_owner", "class", "retention", "written_anew", "uploaded"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_surfaces', engine => 'select');
