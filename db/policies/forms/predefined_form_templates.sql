-- Given to clinics by a function; each works on its own copy. FRM-03.

select app_private.classify('app_private.predefined_form_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "kind", "signature_mode", "purposes", "clinic_purpose", "content", "citations", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.predefined_form_templates', engine => 'select');
