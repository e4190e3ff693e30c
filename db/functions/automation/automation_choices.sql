-- What the configs of actions can name, by the code that stands in a schema as x-choices or x-inserts: what the checks of the actions
-- pass, so that what is offered can be saved. AUT-01, AUT-02.

create or replace function app_private.automation_choices(organization_id uuid, list text)
returns table (value text, label_ro text, label_en text)
language sql stable
set search_path = ''
as $$
  select form_templates.id::text, form_templates.name, form_templates.name
  from app_public.form_templates
  where list = 'form_templates' and form_templates.organization_id = automation_choices.organization_id and form_templates.published
  union all
  select purposes.code, purposes.name_ro, purposes.name
  from app_public.consent_purposes as purposes
  where list = 'consent_purposes' and purposes.scope = 'organization'
    and purposes.scope_id in (automation_choices.organization_id, '00000000-0000-0000-0000-000000000000')
    and (app_private.current_consent_version(automation_choices.organization_id, purposes.code)).id is not null
  union all
  select calendars.id::text, calendars.name, calendars.name
  from app_public.calendars
  where list = 'calendars' and calendars.organization_id = automation_choices.organization_id
    and calendars.is_active and calendars.deleted_at is null
  union all
  select segments.id::text, segments.name, segments.name
  from app_public.segments
  where list = 'segment_lists' and segments.organization_id = automation_choices.organization_id
    and segments.kind = 'list' and segments.deleted_at is null
  union all
  select choice ->> 'value', choice ->> 'ro', choice ->> 'en'
  from jsonb_array_elements(app_private.rule_choices(automation_choices.organization_id, list)) as choice
  where list in ('services', 'specialists')
  union all
  select permissions.name, permissions.description_ro, permissions.description
  from app_public.permissions
  where list = 'permissions'
  union all
  select known.code, known.label_ro, known.label_en
  from app_private.automation_actions as known
  where list = 'actions' and known.code <> 'schedule_action'
  union all
  select reasons.value, reasons.label_ro, reasons.label_en
  from app_private.automation_reasons() as reasons
  where list = 'reasons'
  union all
  select named.variable, coalesce(words.ro, named.variable), coalesce(words.en, named.variable)
  from app_private.message_types
  cross join lateral unnest(app_private.printable_variables(message_types.variables, substr(list, 11))) as named (variable)
  left join (values
    ('recipientName', 'numele celui care primește', 'name of who receives it'),
    ('patientName', 'numele pacientului', 'name of the patient'),
    ('clinicName', 'numele clinicii', 'name of the clinic'),
    ('clinicPhone', 'telefonul clinicii', 'phone of the clinic'),
    ('clinicEmail', 'e-mailul clinicii', 'mail of the clinic'),
    ('clinicAddress', 'adresa clinicii', 'address of the clinic'),
    ('serviceName', 'serviciul programat', 'service of the appointment'),
    ('specialistName', 'specialistul programării', 'specialist of the appointment'),
    ('when', 'data și ora programării', 'date and hour of the appointment'),
    ('askedUrl', 'adresa la care găsește ce i se cere', 'address of what is asked of them'),
    ('bookingUrl', 'adresa paginii programării', 'address of the booking''s page')
  ) as words (variable, ro, en) on words.variable = named.variable
  where list like 'variables\_%' and message_types.key = 'automation_' || substr(list, 11)
    -- They hold or do not, and print nothing by themselves.
    and named.variable not in ('inPerson', 'video', 'phone')
$$;

comment on function app_private.automation_choices is 'What a config can name, by the code of the list.';
grant execute on function app_private.automation_choices to app_engine;
