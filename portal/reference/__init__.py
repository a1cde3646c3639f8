"""The reference of ``/api/v1/`` for people: one page, made of the description that programs read.

Nothing on it comes from elsewhere, it needs no script, and anybody may read it. The types of
problems (``/problems/<kind>``) lead to what they mean.
"""
