"""Cases like the one described: key terms, plain words, coded facts and passages, fused and explained."""
