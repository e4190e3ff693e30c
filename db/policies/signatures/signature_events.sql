-- Staff with forms.view see what happened and when; addresses and devices stand in the proof alone. CNS-07.

select app_private.classify('app_public.signature_events', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "position", "link_id", "occurred_at", "hash"],
    "phi": ["form_id", "event", "body"]}',
  unaudited => 'A log of its own, chained, which nobody changes.');
select app_private.protect('app_public.signature_events', engine => 'select, insert');

grant select (id, organization_id, form_id, position, event, link_id, occurred_at) on app_public.signature_events to app_member;

create policy signature_events_select_staff on app_public.signature_events for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.signature_events
  for each statement execute function app_private.tg_frozen();
