{{ united(
    {
        'absorb': ref('stg_absorb__courses'),
        'learning360': ref('stg_learning360__paths'),
        'moodle': ref('stg_moodle__courses'),
        'xapi': ref('stg_xapi__courses'),
    },
    ['course_id', 'course_code', 'course_name', 'estimated_minutes']
) }}
