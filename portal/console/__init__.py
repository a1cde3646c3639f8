"""The support console. One page for now: who is signed in, how support is reached, what comes.

A client finds no console (404), and a staff identity no client page (404): ``access.py``.
"""
