-- Test: human_by_email - the human who has the address, or a new one; not who is somebody of a provider's organization. FND-02.
begin;
select plan(5);
select tests.person('ana');
with somebody as (insert into app_public.principals (kind) values ('human') returning id)
insert into app_public.humans (principal_id, email, display_name, provider_org_id)
select id, 'nora@people.test', 'Nora Of An Organization', 'org_1' from somebody;
select is(app_private.human_by_email(' ANA@people.test', 'Other', 'en'), tests.id('ana'), 'who has the address is found, however it is written');
select is((select (display_name, locale)::text from app_public.humans where principal_id = tests.id('ana')), '(Ana,ro)', 'and stays as they are');
select tests.remember('nora', app_private.human_by_email('nora@people.test', 'Nora Ene', 'en'));
select is((select (display_name, locale, provider_org_id, email_verified_at)::text from app_public.humans where principal_id = tests.id('nora')), '("Nora Ene",en,,)', 'who has it in an organization of the provider is somebody else');
select is(app_private.human_by_email('nora@people.test', null, null), tests.id('nora'), 'whoever was made is found the next time');
select app_private.human_by_email('dan.pop@people.test', ' ', 'fr');
select is((select (display_name, locale)::text from app_public.humans where email = 'dan.pop@people.test'), '(dan.pop,ro)', 'without a name the address names them, without a language of ours it is Romanian');
select * from finish();
rollback;
