"""The parts of the verifier: words, figures, clauses, speakers, quotations, and how a claim agrees with them."""
