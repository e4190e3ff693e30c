-- What forms changed of a patient, and conflicts that staff decide: staff with forms.view. Written by complete(), decided by
-- resolve_write_back(). FRM-05.

select app_private.classify('app_public.form_write_backs', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "form_id", "key", "target", "field", "outcome", "written_at", "resolved_by", "resolved_at",
                    "resolution"],
    "phi": ["value_before", "value_at_creation", "value"]}');
select app_private.protect('app_public.form_write_backs', engine => 'select, insert, update');

grant select on app_public.form_write_backs to app_member;

create policy form_write_backs_select_staff on app_public.form_write_backs for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_write_backs.form_id)
  );
