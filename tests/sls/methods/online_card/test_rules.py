import itertools

from sls.methods.online_card import rules

SEED, OTHER = b"1" * 32, b"2" * 32


def test_has_224_values_of_three_digits():
    values = rules.values(SEED)
    assert len(values) == 224
    assert all(len(one) == 3 and one.isdigit() for one in values)
    assert values != rules.values(OTHER)
    assert values == rules.values(SEED)


def test_asks_for_two_different_index_numbers_of_the_sheet():
    pairs = [rules.pair(SEED, issued) for issued in range(2000)]
    assert all(1 <= low < high <= 224 for low, high in pairs)
    assert {number for pair in pairs for number in pair} == set(range(1, 225))


def test_asks_for_no_pair_twice():
    pairs = [rules.pair(SEED, issued) for issued in range(rules.PAIRS)]
    assert set(pairs) == set(itertools.combinations(range(1, 225), 2))


def test_the_order_is_secret():
    orders = [[rules.pair(seed, place) for place in range(20)] for seed in (SEED, OTHER)]
    assert orders[0] != orders[1]


def test_the_answer_is_both_values_one_after_the_other():
    values = rules.values(SEED)
    assert rules.answer(SEED, "17 203") == values[16] + values[202]
    assert rules.asked(rules.question((17, 203))) == (17, 203)
