-- Test: set_whatsapp_template - the approved text of a clinic and what it is filled in with. FND-15.
begin;
select plan(14);
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
create function pg_temp.name(variables text[] default '{recipientName,when}', sid text default 'HX0123456789abcdef0123456789abcdef', template text default 'appointment_booked')
returns app_public.whatsapp_templates language sql as $$
  select app_public.set_whatsapp_template(tests.id('atlas'), template, 'ro', sid, variables)
$$;

select tests.act_as('adrian');
select lives_ok($$select pg_temp.name()$$, 'a text with two variables');
select lives_ok($$select pg_temp.name('{when}')$$, 'another one in its place');
select results_eq($$select template_key, variables from app_public.whatsapp_templates$$, $$values ('appointment_booked', '{when}'::text[])$$, 'the last counts');
select tests.refuses($$select pg_temp.name('{when,serviceName}')$$, 'VALIDATION', 'message_variables_mismatch', 'what is treated is not named there');
select tests.refuses($$select pg_temp.name(array['when', null])$$, 'VALIDATION', 'message_variables_mismatch', 'nor nothing');
select tests.refuses($$select pg_temp.name(template => 'organization_activated')$$, 'VALIDATION', 'message_template_unknown', 'a message that is not told over WhatsApp');
select tests.breaks($$select pg_temp.name(sid => 'SM1')$$, 'whatsapp_templates_content_sid_is_an_id', 'what is no id of a text');
select tests.act_as('beata');
select throws_ok($$select pg_temp.name()$$, 'RX404', 'not_found', 'another clinic names none here');
delete from app_public.whatsapp_templates;
select tests.act_as('adrian');
select is((select count(*) from app_public.whatsapp_templates), 1::bigint, 'nor takes one away');
delete from app_public.whatsapp_templates;
select is_empty($$select * from app_public.whatsapp_templates$$, 'its own it does');
select * from finish();
rollback;
