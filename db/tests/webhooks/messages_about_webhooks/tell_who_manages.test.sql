-- Test: messages_about_webhooks - when a subscription was disabled and nobody did it by hand, the members of its clinic who manage webhooks are told its name. WHK-02, FND-15.
begin;
select plan(5);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.staff('beata', 'owner', 'boreal'), tests.webhooks('theirs', 'boreal');
select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.staff('olga', 'owner'), tests.staff('oana', 'owner'), tests.staff('left', 'owner');
select tests.webhooks('bi'), tests.webhooks('crm');
update app_public.memberships set ended_at = app_hidden.now() where human_id = tests.id('left');
create function pg_temp.told_after(why text) returns text[] language plpgsql as $$
begin
  delete from app_public.messages;
  perform app_private.consume_notifications(app_private.publish('webhook_subscription.disabled', tests.id('atlas'), tests.id('crm'), jsonb_build_object('reason', why)));
  return array(select distinct p.name || ': ' || (m.data ->> 'webhookName') from app_public.messages m join tests.personas p on p.principal_id = m.recipient_human_id
               where m.template_key = 'webhook_disabled' and m.organization_id = tests.id('atlas') order by 1);
end;
$$;

select is(pg_temp.told_after('failing'), '{oana: crm,olga: crm}'::text[], 'whoever manages webhooks there is told; nobody else of the clinic, nobody who left it, nobody of another');
select is((select count(*) from app_public.messages), 4::bigint, 'each once by mail and once in the app');
select is(pg_temp.told_after('gone'), '{oana: crm,olga: crm}'::text[], 'also where the receiver said that it is gone');
select is(pg_temp.told_after('by_staff'), '{}'::text[], 'not where a colleague switched it off');
update app_public.memberships set ended_at = app_hidden.now() where human_id in (tests.id('olga'), tests.id('oana'));
select is(pg_temp.told_after('failing'), '{}'::text[], 'and a clinic where nobody manages them is told nothing');
select * from finish();
rollback;
