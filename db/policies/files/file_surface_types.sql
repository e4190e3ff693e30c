-- Which types a surface takes; changed by migrations only. FND-13.

select app_private.classify('app_private.file_surface_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["surface", "content_type"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_surface_types', engine => 'select');
