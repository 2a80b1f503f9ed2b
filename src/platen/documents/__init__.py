"""What a print file holds, page by page: pure, without Django, sockets or files of its own.

`analyse(source, declared, options)` gives `DocumentFacts`; `job_facts(facts, ticket)` adds what the job asks for and
gives the impressions and sheets that prices are made of.
"""
