-- Who is told what about an event is said in the event's area: the subscription names the function. FND-15.
-- retired: functions/notify/tell_of_changed_patient.sql

drop function if exists app_private.tell_of_changed_patient(app_private.events);

alter table app_private.event_subscriptions add column if not exists messages_function text;
comment on column app_private.event_subscriptions.messages_function is
  'The function of app_private that writes to people about such an event, called with the event: messages_about_<subject>.';

update app_private.event_subscriptions set messages_function = case
    when event_name = 'appointment.patient_changed' then 'messages_about_changed_patient'
    else 'messages_about_' || split_part(event_name, '.', 1)
  end
where consumer = 'notifications';

alter table app_private.event_subscriptions
  drop constraint if exists event_subscriptions_notifications_name_a_function;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.event_subscriptions add constraint event_subscriptions_notifications_name_a_function
  check ((consumer = 'notifications') = (messages_function is not null));
