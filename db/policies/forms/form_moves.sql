-- The history of a form: staff with forms.view. Append-only: nobody holds update or delete. FRM-04.

select app_private.classify('app_public.form_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "form_id", "moved_by", "moved_at"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its form.');
select app_private.protect('app_public.form_moves', engine => 'select, insert');

grant select on app_public.form_moves to app_member;

create policy form_moves_select_staff on app_public.form_moves for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_moves.form_id)
  );
