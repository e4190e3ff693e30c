-- The history of an appointment: staff with appointments.view. Append-only: nobody holds update or delete. APT-01.

select app_private.classify('app_public.appointment_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "moved_at", "overridden_rules"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its appointment.');
select app_private.protect('app_public.appointment_moves', engine => 'select, insert');

grant select on app_public.appointment_moves to app_member;

create policy appointment_moves_select_staff on app_public.appointment_moves for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_moves.appointment_id)
  );
