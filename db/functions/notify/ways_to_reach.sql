-- Over which channels somebody may be told something now, and what stands in the way. FND-15.
-- The one place for every rule but the cap: asked when a message is queued, when another channel has to stand in, and
-- again when it leaves. Consent comes before suppression, and both before quiet hours.
-- What the platform's vendors reported counts for a channel on which the clinic sends through the platform's account;
-- what the clinic's own vendor reported counts for the clinic always (FND-35).

set role app_engine;
create or replace function app_private.ways_to_reach(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[]
) returns table (
  place bigint,
  patient_profile_id uuid,
  human_id uuid,
  account_id uuid,
  name text,
  email text,
  phone text,
  locale text,
  data jsonb,
  channel text,
  route text,
  rank int,
  address text,
  is_reachable boolean,
  is_wanted boolean,
  obstacle text,
  not_before timestamptz
)
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  people as (
    select recipient.place, recipient.patient_profile_id, recipient.human_id, recipient.data,
      coalesce(patient_profiles.human_id, humans.principal_id) as own_account_id,
      coalesce(recipient.name, patient_profiles.given_name || ' ' || patient_profiles.family_name, humans.display_name) as name,
      -- The address of a closed account may be somebody else's by now.
      coalesce(recipient.email, patient_profiles.email, case when humans.closed_at is null then humans.email end) as email,
      coalesce(recipient.phone, patient_profiles.phone) as phone,
      coalesce(recipient.locale, patient_profiles.locale, humans.locale, organizations.locale) as locale,
      organizations.timezone
    from unnest(ways_to_reach.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_public.organizations on organizations.id = ways_to_reach.organization_id
    left join app_public.patient_profiles on patient_profiles.id = recipient.patient_profile_id
    left join app_public.humans on humans.principal_id = recipient.human_id
  ),
  -- A patient without an account is told in the accounts of those who care for them.
  accounts as (
    select holder.place, holder.account_id
    from (
      select people.place, people.own_account_id as account_id from people where people.own_account_id is not null
      union all
      select people.place, caregivers.human_id
      from people
      join app_public.caregivers on caregivers.patient_profile_id = people.patient_profile_id
      where people.own_account_id is null
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > ((select clock.now from clock) at time zone 'Europe/Bucharest')::date)
    ) as holder
    join app_public.principals on principals.id = holder.account_id and principals.disabled_at is null
  ),
  ways as (
    select people.*, accounts.account_id, message_types.topic, message_channels.channel, message_channels.route,
      message_channels.rank, message_channels.is_default, channels.quiet_from, channels.quiet_until,
      case channels.reaches when 'email' then people.email when 'phone' then people.phone end as address,
      coalesce(accounts.account_id, people.own_account_id) as reader_id,
      exists (
        select from app_public.organization_service_providers as choice
        where choice.organization_id = ways_to_reach.organization_id
          and choice.capability = message_channels.channel
          and choice.integration_id is not null) as by_own_account
    from people
    join app_private.message_types on message_types.key = ways_to_reach.template_key
    join app_private.message_channels on message_channels.template_key = message_types.key
    join app_private.channels on channels.name = message_channels.channel
    left join accounts on accounts.place = people.place and channels.reaches = 'account'
  )
  select ways.place, ways.patient_profile_id, ways.human_id, ways.account_id, ways.name, ways.email, ways.phone,
    ways.locale, ways.data, ways.channel, ways.route, ways.rank, ways.address,
    ways.address is not null
      or ways.account_id is not null
         and (ways.channel <> 'push'
              or exists (select from app_public.push_subscriptions where push_subscriptions.human_id = ways.account_id)),
    coalesce(of_patient.is_enabled, of_human.is_enabled, ways.is_default),
    case
      when not app_private.may_contact(
        ways_to_reach.organization_id, ways.patient_profile_id, ways.reader_id, ways.channel, message_topics.kind)
        then 'consent_missing'
      when clinic_suppressed_addresses.address is not null then clinic_suppressed_addresses.reason
      when suppressed_addresses.address is not null then suppressed_addresses.reason
      when opt_outs.address is not null then 'opted_out'
      when ways.channel = 'whatsapp' and whatsapp_templates.content_sid is null then 'whatsapp_template_missing'
    end,
    -- Quiet hours are a matter of channels that have some, whoever set their own.
    case when ways.quiet_from is not null then
      app_private.quiet_until(
        (select clock.now from clock),
        coalesce(quiet_of_patient.quiet_from, quiet_of_human.quiet_from, ways.quiet_from),
        coalesce(quiet_of_patient.quiet_until, quiet_of_human.quiet_until, ways.quiet_until),
        coalesce(quiet_of_patient.timezone, quiet_of_human.timezone, ways.timezone))
    end
  from ways
  join app_public.message_topics on message_topics.key = ways.topic
  left join app_public.notification_preferences as of_patient
    on of_patient.patient_profile_id = ways.patient_profile_id
    and of_patient.topic = ways.topic and of_patient.channel = ways.channel
  left join app_public.notification_preferences as of_human
    on of_human.human_id = ways.reader_id and of_human.topic = ways.topic and of_human.channel = ways.channel
  left join app_public.quiet_hours as quiet_of_patient on quiet_of_patient.patient_profile_id = ways.patient_profile_id
  left join app_public.quiet_hours as quiet_of_human on quiet_of_human.human_id = ways.reader_id
  left join app_private.suppressed_addresses
    on not ways.by_own_account
    and suppressed_addresses.channel = ways.channel and suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
  left join app_private.clinic_suppressed_addresses
    on clinic_suppressed_addresses.organization_id = ways_to_reach.organization_id
    and clinic_suppressed_addresses.channel = ways.channel and clinic_suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
  left join app_private.opt_outs
    on opt_outs.organization_id = ways_to_reach.organization_id
    and opt_outs.channel = ways.channel and opt_outs.address = app_hidden.ascii_lower(ways.address)
  left join app_public.whatsapp_templates
    on whatsapp_templates.organization_id = ways_to_reach.organization_id
    and whatsapp_templates.template_key = ways_to_reach.template_key and whatsapp_templates.locale = ways.locale
$$;

comment on function app_private.ways_to_reach is
  'Every channel of a message for each of these people: whether they can be reached over it and want to be, what '
  'forbids it, and until when it is quiet for them. place is the position in the array.';

reset role;
