"""What a printing machine says of itself: from the objects of SNMP and the attributes of IPP to one typed reading.

    survey = Survey()                                   # a first visit: survey.requests(), survey.take(...), survey.raw
    reading, plan = read(survey.raw), make_plan(survey.raw)
    reading = update(plan, reading, answers)            # later visits: plan.requests, a packet or two each
    reading = read_printer(attributes)                  # the same from Get-Printer-Attributes

Pure: values in, values out. What to ask stands in `survey` and `plan`, what the answers mean in the files named for
their subject, what makers keep in private objects in `makers/*.toml`, and what they get wrong in `corrections.toml`.
"""
