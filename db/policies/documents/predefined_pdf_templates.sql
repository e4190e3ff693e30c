-- Given to clinics by a function; each works on its own copy; changed by migrations only. DOC-01.

select app_private.classify('app_private.predefined_pdf_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "kind", "locale", "title", "editor_state"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.predefined_pdf_templates', engine => 'select');
