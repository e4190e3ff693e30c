-- Test: publish - nobody who sends a request publishes, reads or changes events. FND-14.
begin;
select plan(12);
select tests.clinic('atlas');
select tests.staff('ana', 'admin');

select tests.act_as('ana');
select throws_ok($$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "a"}')$$, '42501', null, 'staff cannot publish');
select throws_ok($$select * from app_private.events$$, '42501', null, 'staff cannot read events');
select tests.act_as('a visitor');
select throws_ok($$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "a"}')$$, '42501', null, 'a visitor cannot publish');
select throws_ok($$select * from app_private.events$$, '42501', null, 'a visitor cannot read events');
select tests.act_as('the worker');
select throws_ok($$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "a"}')$$, '42501', null, 'the worker cannot publish');
select throws_ok($$select * from app_private.events$$, '42501', null, 'the worker reads events through its functions');
select throws_ok($$select * from app_public.messages$$, '42501', null, 'and messages too');
select throws_ok($$select * from app_private.effects$$, '42501', null, 'and effects');
select tests.act_as('the authenticator');
select throws_ok($$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "a"}')$$, '42501', null, 'the login of the API cannot publish');
select throws_ok($$select app_private.claim_message(uuidv7())$$, '42501', null, 'nor read a message');
select throws_ok($$select app_private.claim_event_delivery('notifications', uuidv7())$$, '42501', null, 'nor a delivery');
select throws_ok($$select * from graphile_worker._private_jobs$$, '42501', null, 'nor a job');
select * from finish();
rollback;
