-- Test: messages_about_organization_subscription - who manages billing is told that a trial ends soon, of what is unpaid, of the suspension, that it is active again, and of the end; once, in their language. BIL-05, FND-15.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.offered_tier('tried', 30), tests.offered_tier('short', 7);
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('bea', 'billing'), tests.staff('flavia', 'front_desk'), tests.staff('gone', 'owner');
select tests.patient('ana');
update app_public.memberships set ended_at = app_hidden.now() where id = tests.membership_id('gone');
update app_public.humans set locale = 'en' where principal_id = tests.id('bea');
select tests.billing_details(), tests.clinic_subscribed('tried');
create function pg_temp.consumed() returns void language plpgsql as $$
declare v_event app_private.events;
begin
  for v_event in
    select e.* from app_private.events e where e.name in (select s.event_name from app_private.event_subscriptions s where s.messages_function = 'messages_about_organization_subscription')
      and not exists (select from app_public.messages m where m.event_id = e.id) order by e.occurred_at, e.position
  loop
    perform app_private.messages_about_organization_subscription(v_event);
  end loop;
end $$;
create function pg_temp.told(template text) returns setof text language sql as $$
  select distinct h.display_name || ' ' || m.channel from app_public.messages m join app_public.humans h on h.principal_id = m.recipient_human_id
  where m.template_key = template order by 1 $$;
select is(array(select display_name from app_public.humans join app_public.memberships m on m.human_id = principal_id where m.organization_id = tests.id('atlas') and m.ended_at is null
  and m.id in (select mr.membership_id from app_public.membership_roles mr join app_public.role_permissions rp on rp.role_id = mr.role_id where rp.permission = 'billing.manage') order by 1),
  '{Bea,Olga}', 'two of the clinic manage its billing');

select pg_temp.consumed();
select is((select count(*) from app_public.messages), 0::bigint, 'that a trial began is no news');
select tests.until('2027-03-25 10:00+02'), pg_temp.consumed();
select results_eq($$select * from pg_temp.told('subscription_trial_ending')$$, $$values ('Bea email'), ('Bea in_app'), ('Olga email'), ('Olga in_app')$$, 'a week before its end, those two');
select is((select distinct (data ->> 'expiresAt')::timestamptz from app_public.messages), '2027-03-31 00:00+03', 'until when it lasts');
select tests.until('2027-04-05 10:00+03'), pg_temp.consumed();
select is(tests.standing(), 'active', 'the trial is over');
select is((select count(*) from app_public.messages), 4::bigint, 'which they knew');

select tests.bill('april', '2027-04-10');
select tests.until('2027-04-11 10:00+03'), pg_temp.consumed();
select results_eq($$select * from pg_temp.told('subscription_past_due')$$, $$values ('Bea email'), ('Bea in_app'), ('Olga email'), ('Olga in_app')$$, 'past due');
select is((select distinct (data ->> 'expiresAt')::timestamptz from app_public.messages where template_key = 'subscription_past_due'), '2027-04-24 10:00+03', 'and when nothing new would begin');
select tests.until('2027-04-25 10:00+03'), pg_temp.consumed();
select results_eq($$select * from pg_temp.told('subscription_suspended')$$, $$values ('Bea email'), ('Bea in_app'), ('Olga email'), ('Olga in_app')$$, 'suspended');
select tests.pays('april'), pg_temp.consumed();
select results_eq($$select * from pg_temp.told('subscription_active_again')$$, $$values ('Bea email'), ('Bea in_app'), ('Olga email'), ('Olga in_app')$$, 'active again');
select pg_temp.consumed();
select is((select count(*) from app_public.messages), 16::bigint, 'told again of an event, nobody is told again');

-- It is of what is queued here, though the clinic could send nothing else.
select tests.act_as('olga');
select is((app_public.cancel_organization_subscription(tests.id('atlas'), at_period_end => false)).status, 'canceled', 'they leave');
select tests.act_as('the database');
select pg_temp.consumed();
select results_eq($$select * from pg_temp.told('subscription_canceled')$$, $$values ('Bea email'), ('Bea in_app'), ('Olga email'), ('Olga in_app')$$, 'and are told so');
select is((select count(distinct m.organization_id) from app_public.messages m), 1::bigint, 'nobody of another clinic is');

-- What has no end to tell of, and what never began.
select set_config('tests.clinic', 'boreal', true), tests.billing_details('boreal');
select tests.clinic_subscribed('short', clinic => 'boreal');
select is((select settle_at from app_public.organization_subscriptions where organization_id = tests.id('boreal')), '2027-05-02 00:00+03', 'of a trial of a week nobody is told that it ends within one');
select tests.until('2027-05-10 10:00+03'), pg_temp.consumed();
select is((select count(*) from app_public.messages where organization_id = tests.id('boreal')), 0::bigint, '…');
select tests.act_as('otto');
select is((app_public.cancel_organization_subscription(tests.id('boreal'), at_period_end => false)).status, 'canceled', 'ended');
select is((app_public.subscribe_organization(tests.id('boreal'), tests.id('tried'), 'monthly')).status, 'active', 'and begun anew');
select tests.act_as('the database');
select pg_temp.consumed();
select is((select count(distinct template_key) from app_public.messages where organization_id = tests.id('boreal')), 1::bigint, 'only of the end');
select results_eq($$select distinct l.locale from app_public.messages m cross join lateral (select m.locale) l (locale) where m.organization_id = tests.id('atlas') order by 1$$, $$values ('en'), ('ro')$$, 'each in their language');
select * from finish();
rollback;
