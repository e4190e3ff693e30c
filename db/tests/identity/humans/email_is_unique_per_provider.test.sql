-- Test: humans - an email is one human per identity provider organization, and one where there is none. FND-02.
begin;
select plan(9);
create function pg_temp.human(email text, provider_org_id text default null) returns void language plpgsql as $$
declare v_id uuid;
begin
  insert into app_public.principals (kind) values ('human') returning id into v_id;
  insert into app_public.humans (principal_id, email, provider_org_id, display_name) values (v_id, email, provider_org_id, 'Ana');
end $$;
select lives_ok($$select pg_temp.human('ana@people.test')$$, 'a human without a provider organization');
select * from tests.breaks($$select pg_temp.human('ana@people.test')$$, 'humans_email_is_unique_per_provider_org', 'none and none are the same');
select lives_ok($$select pg_temp.human('ana@people.test', 'org_1')$$, 'the same email in a provider organization is another human');
select * from tests.breaks($$select pg_temp.human('ana@people.test', 'org_1')$$, 'humans_email_is_unique_per_provider_org', 'once');
select * from tests.breaks($$select pg_temp.human('Ana@people.test')$$, 'humans_email_is_lower_case', 'capitals make no other human');
select is((select count(*) from app_public.humans where email = 'ana@people.test'), 2::bigint, 'two in all');
select * from finish();
rollback;
