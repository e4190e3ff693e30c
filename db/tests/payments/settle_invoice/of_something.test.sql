-- Test: settle_invoice - of an invoice that nobody knows it is refused. BIL-05.
begin;
select plan(2);
select tests.act_as('the worker');
select * from tests.refuses($$select app_hidden.settle_invoice(uuidv7())$$, 'NOT_FOUND', 'invoice_not_found', 'there is nothing to settle');
select * from finish();
rollback;
