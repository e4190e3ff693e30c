-- Test: publish_form_template, publish_template, is_published_alike - what an earlier version said is another version when it is said again; only what the last one says is none. FRM-02.
begin;
select plan(3);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.form_template('a', jsonb_build_array(tests.form_item('x', 'boolean')));
create function pg_temp.publish(item text) returns int language plpgsql as $$
begin
  update app_public.form_templates set content = tests.form_content(jsonb_build_array(tests.form_item(item, 'boolean'))) where id = tests.id('a');
  return (app_public.publish_form_template(tests.id('a'))).version;
end $$;
select tests.act_as('adrian');
select is(pg_temp.publish('x'), 1, 'the same again is no version');
select is(pg_temp.publish('y'), 2, 'another one is');
select is(pg_temp.publish('x'), 3, 'and so is the first said again');
select * from finish();
rollback;
