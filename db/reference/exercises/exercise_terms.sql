-- The words that exercises are ordered by. EXL-02. The id of a row is the one that tg_fixed_id() makes of its kind and slug.

select app_private.own_rows('app_public.exercise_terms', rows => '
  id                                   | kind        | slug                | parent_id                            | place | names
  -------------------------------------+-------------+---------------------+--------------------------------------+-------+-------------------------------------------------------------------
  bec71507-bd57-87f8-8592-5388e247032f | category    | strength            |                                      | 1     | {"ro": "Forță", "en": "Strength"}
  754e31d5-56bb-8caf-8203-ad7b3a73689e | category    | lower-body-strength | bec71507-bd57-87f8-8592-5388e247032f | 1     | {"ro": "Forța membrelor inferioare", "en": "Strength of the legs"}
  289d0aa8-c4d4-8735-88f4-ae42f46bb09f | category    | upper-body-strength | bec71507-bd57-87f8-8592-5388e247032f | 2     | {"ro": "Forța membrelor superioare", "en": "Strength of the arms"}
  67ef479f-e937-8be8-8545-f8ed211c8e08 | category    | core-strength       | bec71507-bd57-87f8-8592-5388e247032f | 3     | {"ro": "Forța trunchiului", "en": "Strength of the trunk"}
  1a1d3d68-33ba-812a-880c-cb71d04a7a71 | category    | mobility            |                                      | 2     | {"ro": "Mobilitate", "en": "Mobility"}
  9e7ebea7-eebb-891d-8430-6124cbbc5cbf | category    | joint-mobility      | 1a1d3d68-33ba-812a-880c-cb71d04a7a71 | 1     | {"ro": "Mobilitatea articulațiilor", "en": "Mobility of joints"}
  efd4f985-d1f6-88ba-8fc3-6113a842249c | category    | stretching          | 1a1d3d68-33ba-812a-880c-cb71d04a7a71 | 2     | {"ro": "Întinderi", "en": "Stretching"}
  9af2c227-4c49-8e28-8fdb-6df95ec8bba7 | category    | balance             |                                      | 3     | {"ro": "Echilibru", "en": "Balance"}
  3f2d3577-e86d-86f6-8c29-e7a1dc60d398 | category    | static-balance      | 9af2c227-4c49-8e28-8fdb-6df95ec8bba7 | 1     | {"ro": "Echilibru static", "en": "Standing balance"}
  8fcfddfb-dfe8-8244-8dc5-2862b06d5e92 | category    | dynamic-balance     | 9af2c227-4c49-8e28-8fdb-6df95ec8bba7 | 2     | {"ro": "Echilibru în mișcare", "en": "Balance in motion"}
  af597de2-a98a-8df8-8d29-70f9295b7b21 | category    | endurance           |                                      | 4     | {"ro": "Rezistență", "en": "Endurance"}
  036fc872-1fb8-83d0-84a5-b3229519b306 | category    | breathing           |                                      | 5     | {"ro": "Respirație", "en": "Breathing"}
  bb5c4197-7718-85dc-8b64-ab26a886a938 | category    | relaxation          |                                      | 6     | {"ro": "Relaxare", "en": "Relaxation"}
  c4e2ec55-e7f6-8c1f-8c31-f29d2523f2ba | body_region | neck                |                                      | 1     | {"ro": "Gât", "en": "Neck"}
  58e18419-38d5-81bf-8da1-81c74d3da5e0 | body_region | shoulder            |                                      | 2     | {"ro": "Umăr", "en": "Shoulder"}
  2de9210a-1be8-810c-829f-0386db066a41 | body_region | elbow               |                                      | 3     | {"ro": "Cot", "en": "Elbow"}
  76e9892c-cb68-804b-86ae-829a14e43a90 | body_region | wrist-and-hand      |                                      | 4     | {"ro": "Încheietura mâinii și mâna", "en": "Wrist and hand"}
  e7dc17b2-15ff-8f73-8e42-62da1be2688a | body_region | upper-back          |                                      | 5     | {"ro": "Spate, partea de sus", "en": "Upper back"}
  f0fdc652-8cb4-83f8-8e71-cdc3a14e2470 | body_region | lower-back          |                                      | 6     | {"ro": "Spate, partea de jos", "en": "Lower back"}
  e2d30223-7597-8f34-8455-f2689284cbd0 | body_region | trunk               |                                      | 7     | {"ro": "Trunchi", "en": "Trunk"}
  929d53f8-a385-8ca7-8968-13bbf0fd434f | body_region | hip                 |                                      | 8     | {"ro": "Șold", "en": "Hip"}
  89e8a828-a1eb-80f8-8412-643c66014e5f | body_region | knee                |                                      | 9     | {"ro": "Genunchi", "en": "Knee"}
  cbc1158e-9347-8ba7-8faa-5cb219abcb50 | body_region | ankle-and-foot      |                                      | 10    | {"ro": "Gleznă și laba piciorului", "en": "Ankle and foot"}
  8dab9569-4e68-829e-8202-39f2e290a654 | equipment   | mat                 |                                      | 1     | {"ro": "Saltea", "en": "Mat"}
  6d50c4db-140d-8f32-8ae7-0c90cfdfff70 | equipment   | chair               |                                      | 2     | {"ro": "Scaun", "en": "Chair"}
  1eec2dc6-3201-812b-8d84-7171c5996b39 | equipment   | wall                |                                      | 3     | {"ro": "Perete", "en": "Wall"}
  7059c577-dbfe-8ca2-833d-0be56bb23243 | equipment   | resistance-band     |                                      | 4     | {"ro": "Bandă elastică", "en": "Resistance band"}
  cb629665-82a0-8562-8713-b8074ad6d61c | equipment   | dumbbells           |                                      | 5     | {"ro": "Gantere", "en": "Dumbbells"}
  683fa9e9-e232-8c28-8d9d-ebe5d655e75c | equipment   | step                |                                      | 6     | {"ro": "Treaptă", "en": "Step"}
  cc4602f9-0a53-8160-8027-43da3c5f7c4d | equipment   | ball                |                                      | 7     | {"ro": "Minge", "en": "Ball"}
  16f5e8b5-b67a-87f8-8232-78d7ec6d3452 | equipment   | towel               |                                      | 8     | {"ro": "Prosop", "en": "Towel"}
  e171c313-fea9-8259-8c38-ff3861f426db | equipment   | stick               |                                      | 9     | {"ro": "Baston", "en": "Stick"}
  64d18f1c-64d6-81e6-8c3e-a655d495f7c7 | tag         | standing            |                                      | 1     | {"ro": "În picioare", "en": "Standing"}
  9b553b52-6a33-8102-850b-3e4d7326f532 | tag         | sitting             |                                      | 2     | {"ro": "Așezat", "en": "Sitting"}
  39bed05a-111d-80e7-8a30-251ac3c13136 | tag         | lying               |                                      | 3     | {"ro": "Culcat", "en": "Lying"}
  d5f5241f-79ea-8ac8-812f-0d623b89ea0c | tag         | one-sided           |                                      | 4     | {"ro": "Pe o parte", "en": "One-sided"}
  c4dca3b7-cf3a-8de7-8df6-0ccddb90b459 | tag         | older-people        |                                      | 5     | {"ro": "Pentru vârstnici", "en": "For older people"}
  ad7ece9e-d6e2-8dc4-820a-136c62eeb744 | tag         | after-surgery       |                                      | 6     | {"ro": "După operație", "en": "After surgery"}
  469a5354-40ad-8a51-82b2-5478e1d29ccc | tag         | at-the-desk         |                                      | 7     | {"ro": "La birou", "en": "At the desk"}
');
