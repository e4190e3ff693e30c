-- Test: subscriptions (set_subscription_status, settle_next, settle_patient_plans, end_plan, give) - awaiting payment closes what it gives, paying opens the same again; ending lets it lapse; time does it, too. CAT-06, CAT-08, FND-21.
begin;
select plan(46);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('vera');
select tests.plan('sessions', 4, library => true, telerehab => true), tests.plan('saved', 4), tests.plan('bought', 10);
select tests.tier('gold');
select tests.includes('gold', 'sessions'), tests.includes('gold', 'saved', carry_over => true);
select tests.has_plan('ana', 'bought');
create function pg_temp.move(to_status text, of text default 'gold of ana') returns text language sql as $$
  select (app_public.move_subscription(tests.id(of), to_status, ' As agreed ')).status;
$$;
create function pg_temp.can_read() returns boolean language sql as $$
  select app_hidden.has_access(tests.id('atlas'), tests.id('ana at atlas'), 'library_access');
$$;

select tests.act_as('stefan');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'))$$, 'FORBIDDEN', 'permission_missing', 'who may only look starts none');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'), 'trialing')$$, 'VALIDATION', 'trial_needs_an_end', 'a trial says until when');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'), 'trialing', '2027-03-01 10:00+02')$$, 'VALIDATION', 'already_past', 'and that is to come');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'), 'past_due')$$, 'STATE', 'illegal_move', 'none begins with a debt');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), uuidv7())$$, 'NOT_FOUND', 'patient_tier_not_found', 'nor with a tier that there is not');
select tests.remember('gold of ana', (app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'), 'pending')).id);
select is(tests.left_of('ana', 'sessions'), null, 'what is agreed gives nothing yet');
select * from tests.refuses($$select app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'))$$, 'CONFLICT', 'already_subscribed', 'one is live at a time');
select * from tests.refuses($$select pg_temp.move('past_due')$$, 'STATE', 'illegal_move', 'what has not begun owes nothing');
select is((app_public.move_subscription(tests.id('gold of ana'), 'trialing', trial_ends_at => '2027-03-15 00:00+02')).status, 'trialing', 'on trial');
select is(tests.ledger('ana', 'sessions'), '{grant 4 = 4}', 'a trial gives all of it');
select ok(pg_temp.can_read(), 'and opens the library');

-- Time passes, and nobody has written anything yet.
select tests.freeze_time('2027-03-15 00:00+02');
select ok(not pg_temp.can_read(), 'at the end of the trial it is closed at the next statement');
select is((select app_public.patient_service_plans_is_open(p) from app_public.patient_service_plans p where service_plan_id = tests.id('sessions')), false, 'and the plan says so');
select tests.act_as('the database');
select tests.settle_plans('ana');
select is((select status from app_public.patient_subscriptions), 'past_due', 'the worker finds that a payment is awaited');
select is(tests.ledger('ana', 'sessions'), '{grant 4 = 4}', 'nothing lapses meanwhile');
select throws_ok($$select app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'treatment_plan_assignments', 'appointment', uuidv7())$$, 'RX402', 'not_in_a_plan', 'what no plan includes is not used');
select is((select balance from app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', uuidv7())), 9, 'what was bought goes on');
select tests.act_as('adrian');
select is(pg_temp.move('active'), 'active', 'paid');
select is(tests.ledger('ana', 'sessions'), '{grant 4 = 4}', 'the same grant is there again');
select ok(pg_temp.can_read(), 'and the library open');

-- A period that begins while a payment is awaited is given when it comes; one that passes meanwhile is not.
select is(pg_temp.move('past_due'), 'past_due', 'the card failed');
select tests.freeze_time('2027-05-10 10:00+03');
select tests.act_as('the database');
select tests.settle_plans('ana');
select is(tests.ledger('ana', 'sessions'), '{grant 4 = 4,expire 4 = 0}', 'March lapsed at its end; nothing was given for April and May');
select tests.act_as('adrian');
select is(pg_temp.move('active'), 'active', 'paid in May');
select is(tests.ledger('ana', 'sessions'), '{grant 4 = 4,expire 4 = 0,grant 4 = 4}', 'May is given, April is not');
select is(tests.ledger('ana', 'saved'), '{grant 4 = 4,expire 4 = 0,carry 4 = 4,expire 4 = 0,carry 4 = 4,grant 4 = 8}', 'what carries over came along');

select is((app_public.end_subscription_on(tests.id('gold of ana'), '2027-06-01 00:00+03')).ends_at, '2027-06-01 00:00+03', 'it ends with the month');
select tests.freeze_time('2027-06-01 00:00+03');
select ok(not pg_temp.can_read(), 'from that moment it is closed');
select tests.act_as('the database');
select tests.settle_plans('ana');
select results_eq($$select status, ended_at, settle_at from app_public.patient_subscriptions$$, $$values ('expired', timestamptz '2027-06-01 00:00+03', null::timestamptz)$$, 'it has expired rather than begun another month');
select is((tests.ledger('ana', 'sessions'))[4:], '{expire 4 = 0}', 'and what was left lapsed');
select is(tests.left_of('ana', 'bought'), 9, 'what was bought is not touched');
select tests.act_as('ana');
select is((select count(*) from app_public.entitlement_entries), 13::bigint, 'the history stays readable');
select is((select array_agg(status) from app_public.patient_subscriptions), '{expired}', 'and the subscription');

select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.move('active')$$, 'STATE', 'illegal_move', 'what is over is over');
select tests.remember('gold of vera', (app_public.start_subscription(tests.id('vera at atlas'), tests.id('gold'))).id);
select is(pg_temp.move('canceled', 'gold of vera'), 'canceled', 'one is cancelled');
select is((select status_reason from app_public.patient_subscriptions where id = tests.id('gold of vera')), 'As agreed', 'with the reason');
select is(tests.ledger('vera', 'sessions'), '{grant 4 = 4,expire 4 = 0}', 'what was left lapses at once');
select isnt((app_public.start_subscription(tests.id('vera at atlas'), tests.id('gold'))).id, tests.id('gold of vera'), 'another one may follow');
select is(tests.events_of(tests.id('gold of ana')), '{patient_subscription.pending,patient_subscription.trialing,patient_subscription.past_due,patient_subscription.active,patient_subscription.past_due,patient_subscription.active,patient_subscription.expired}', 'every move is an event, whoever made it');
select * from finish();
rollback;
