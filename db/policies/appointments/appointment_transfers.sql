-- Staff with appointments.view see from which chart to which an appointment moved; no patient does, since it names
-- another one. Append-only: nobody holds update or delete. FND-34.

select app_private.classify('app_public.appointment_transfers', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "created_at"],
    "phi": ["patient_profile_id", "from_profile_id", "reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointment_transfers', 'patient_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.on_merge('app_public.appointment_transfers', 'from_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.protect('app_public.appointment_transfers', engine => 'select, insert');

grant select on app_public.appointment_transfers to app_member;

create policy appointment_transfers_select_staff on app_public.appointment_transfers for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_transfers.appointment_id)
  );
