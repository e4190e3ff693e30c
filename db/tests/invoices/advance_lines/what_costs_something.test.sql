-- Test: advance_lines (plan_price, version_on, term_of, tier_days), open_period_invoice - what is billed in advance has a line where it costs something: of a free plan none, of a dedicated server its setup once, after a trial, too. BIL-02.
begin;
select plan(13);
select tests.clinic('atlas'), tests.clinic('boreal'), tests.clinic('cobalt'), tests.clinic('delta');
select tests.bill_tier('Free', 0), tests.bill_tier('Own', 90000, tenancy => 'dedicated', setup => 500000), tests.bill_tier('Bare', 80000, tenancy => 'dedicated'), tests.bill_tier('Gift', 0, tenancy => 'dedicated', setup => 1);
select tests.freeze_time('2027-03-01 00:00+02');
select tests.bill_subscription('atlas', 'Free', '2027-03-01', 2), tests.bill_subscription('boreal', 'Own', '2027-03-01', 4, trial_months => 2, tenancy => 'dedicated');
select tests.bill_subscription('cobalt', 'Bare', '2027-03-01', 2, tenancy => 'dedicated'), tests.bill_subscription('delta', 'Gift', '2027-03-01', 2, tenancy => 'dedicated');
