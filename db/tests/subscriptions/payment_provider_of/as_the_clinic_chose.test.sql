-- Test: payment_provider_of, invoicing_provider, days_to_pay, require_billing_manager, billing_reason, missing_of_billing - who takes a clinic's money and who issues its invoices: whom it chose for that, else the platform's; a clinic that is gone is billed by nobody. BIL-03, BIL-04, BIL-08, BIL-10.
begin;
select plan(22);
select tests.person('root', superadmin => true), tests.clinic('cedru'), tests.clinic('boreal'), tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
create function pg_temp.who(clinic text) returns text language sql as $$ select app_private.payment_provider_of(tests.id(clinic)) || ' ' || app_private.invoicing_provider(tests.id(clinic)) $$;
select is(pg_temp.who('atlas'), 'manual manual', 'who chose nobody has the platform''s default');
insert into app_public.organization_service_providers (organization_id, capability, provider) values (tests.id('atlas'), 'invoicing', 'fgo'), (tests.id('atlas'), 'sms', 'twilio'), (tests.id('atlas'), 'email', 'ses');
select is(pg_temp.who('atlas'), 'manual fgo', 'who chose for its invoices chose for them only');
insert into app_public.organization_service_providers (organization_id, capability, provider) values (tests.id('boreal'), 'payment', 'stripe'), (tests.id('boreal'), 'video', 'daily');
select is(pg_temp.who('boreal'), 'stripe manual', 'who chose for its payments, for those');
select is(pg_temp.who('cedru'), 'manual manual', 'what others chose is theirs');
update app_public.platform_service_providers set is_default = false where capability in ('payment', 'invoicing');
update app_public.platform_service_providers set is_default = true, has_platform_account = true where (capability, provider) in (('payment', 'stripe'), ('invoicing', 'fgo'));
select is(pg_temp.who('cedru'), 'stripe fgo', 'the default is what the platform says it is');
update app_public.platform_service_providers set is_default = false where capability = 'invoicing';
select throws_ok($$select pg_temp.who('cedru')$$, 'RX412', 'provider_missing', 'where there is nobody no invoice is issued');
select is(app_private.days_to_pay('manual') || ' ' || app_private.days_to_pay('stripe'), '14 0', 'who pays by bank has two weeks, a card is charged at once');

-- Who may say so.
create function pg_temp.reason(reason text, clinic text default 'atlas') returns text language sql security definer as $$ select app_private.billing_reason(tests.id(clinic), reason) $$;
select is(app_private.missing_of_billing(tests.id('atlas')), '{legalName,street,city,county,country,registrationNumber,taxId,billingEmail}', 'without details all of them are missing');
select tests.billing_details('atlas'), tests.billing_details('boreal', complete => false);
select is(app_private.missing_of_billing(tests.id('atlas')), '{}', 'with all of them none');
select is(app_private.missing_of_billing(tests.id('boreal')), '{registrationNumber,taxId}', 'of each clinic its own');
select tests.act_as('olga');
select lives_ok($$select app_hidden.require_billing_manager(tests.id('atlas'))$$, 'the owner may');
select tests.act_as('root');
select lives_ok($$select app_hidden.require_billing_manager(tests.id('atlas'))$$, 'and the platform');
select is(pg_temp.reason(e' \t They asked\r\n'), 'They asked', 'with a reason, trimmed');
select throws_ok($$select pg_temp.reason(null)$$, 'RX400', 'reason_missing', 'never without');
select tests.act_as('olga');
select is(pg_temp.reason(null), null, 'the clinic needs none');
select is(pg_temp.reason(e' \t\r\n'), null, 'a blank one is none');
select is(pg_temp.reason(' Too dear '), 'Too dear', 'but may give one');
select tests.act_as('flavia');
select throws_ok($$select pg_temp.reason('Too dear')$$, 'RX403', 'permission_missing', 'who may not bill may not with a reason either');
select throws_ok($$select app_hidden.require_billing_manager(tests.id('atlas'))$$, 'RX403', 'permission_missing', '…');

-- A clinic that was deleted.
select tests.act_as('the database');
set local session_replication_role = replica;
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('atlas');
set local session_replication_role = origin;
select tests.act_as('root');
select throws_ok($$select app_hidden.require_billing_manager(tests.id('atlas'))$$, 'RX404', 'not_found', 'of a clinic that was deleted the platform saves no details');
select throws_ok($$select pg_temp.reason('They asked')$$, 'RX404', 'not_found', 'nor changes it what it subscribes to');
select lives_ok($$select pg_temp.reason('They asked', 'boreal')$$, 'of another one it does');
select * from finish();
rollback;
