"""Questions of resellers, answers, and the ones worth publishing."""
