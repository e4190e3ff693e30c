-- What was asked never changes, answers only while the form is open, and of what is signed nothing at all. Only a merge of
-- patients moves a signed form to the chart that is kept, and removing a patient takes it along. Forms are not deleted.
-- FRM-04, FND-34.

create or replace function app_private.tg_forms__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "forms"}');
  end if;

  if old.status = 'signed' then
    if to_jsonb(new) - '{patient_id,patient_profile_id,deleted_at,updated_at}'::text[]
       is distinct from to_jsonb(old) - '{patient_id,patient_profile_id,deleted_at,updated_at}'::text[] then
      perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', old.id));
    end if;
    return new;
  end if;

  if (new.id, new.organization_id, new.template_id, new.version_id, new.appointment_id, new.amends_form_id, new.created_by)
     is distinct from
     (old.id, old.organization_id, old.template_id, old.version_id, old.appointment_id, old.amends_form_id, old.created_by)
     or new.snapshot <> old.snapshot or new.prefill <> old.prefill then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "forms"}');
  end if;
  if new.answers <> old.answers then
    perform app_private.require_form_stands(old);
    if old.status = 'completed' then
      perform app_hidden.refuse('IMMUTABLE', 'form_is_completed', jsonb_build_object('formId', old.id));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_forms__keep is
  'Refuses IMMUTABLE: another snapshot, answers after completion or cancellation, anything of a signed form, and deletion. Trigger _300_keeps_what_was_asked.';
