"""KIS's REST calls: requests as KIS wants them, answers as types. One module by subject."""
