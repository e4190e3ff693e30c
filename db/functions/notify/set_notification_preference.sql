-- A person says what they want to be told over which channel; nobody says it for them, a caregiver aside. FND-15.

set role app_engine;
create or replace function app_public.set_notification_preference(
  topic text,
  channel text,
  is_enabled boolean,
  patient_profile_id uuid default null
) returns app_public.notification_preferences
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_notification_preference.patient_profile_id);
  v_preference app_public.notification_preferences;
begin
  if not exists (select from app_public.message_topics where message_topics.key = set_notification_preference.topic) then
    perform app_hidden.refuse('VALIDATION', 'message_topic_unknown', '{"field": "topic"}');
  end if;
  if not exists (select from app_private.channels where channels.name = set_notification_preference.channel) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (select jsonb_agg(channels.name order by channels.name) from app_private.channels)));
  end if;
  if set_notification_preference.is_enabled is null then
    perform app_hidden.refuse('VALIDATION', 'notification_preference_says_nothing', '{"field": "isEnabled"}');
  end if;

  insert into app_public.notification_preferences (human_id, patient_profile_id, topic, channel, is_enabled)
  values (v_human_id, set_notification_preference.patient_profile_id, set_notification_preference.topic,
          set_notification_preference.channel, set_notification_preference.is_enabled)
  on conflict on constraint notification_preferences_are_set_once do update set is_enabled = excluded.is_enabled
  returning notification_preferences.* into v_preference;
  return v_preference;
end;
$$;

comment on function app_public.set_notification_preference is
  'Switches a topic on or off over a channel, for oneself or for a person one acts for. What is said for a patient '
  'goes before what is said for the account.';
grant execute on function app_public.set_notification_preference to app_member;

reset role;
